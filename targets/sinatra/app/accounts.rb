# The accounts, in memory. Passwords are kept in clear: how they are kept concerns no session, and a run signs in
# hundreds of times.
class Accounts
  Account = Struct.new(:id, :name, :password, :role, :active, :generation)

  def initialize
    @lock, @by_name, @last = Mutex.new, {}, 0
  end

  def [](name) = @lock.synchronize { @by_name[name] }

  # Makes an account; false if the name is taken.
  def create(name, password, role = 'user')
    @lock.synchronize do
      return false if name.to_s.empty? || password.to_s.empty? || @by_name.key?(name)
      @by_name[name] = Account.new(@last += 1, name, password, role, true, 1)
      true
    end
  end

  def delete(name) = @lock.synchronize { @by_name.delete(name) }

  # Also ends what was signed in with the old password: sessions hold the generation.
  def set_password(account, password)
    account.password = password
    account.generation += 1
  end

  # The account of a session, nil if it is gone, off, or its password is another.
  def of(session)
    account = self[session[:user]]
    account if account && account.id == session[:id] && account.generation == session[:generation] && account.active
  end
end
