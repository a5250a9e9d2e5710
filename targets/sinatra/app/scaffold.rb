require 'json'

# What an operator does to accounts, below /_test/. Loopback only, as the whole site. Stands in front of the session
# middleware: it cannot touch the session of a request.
#
#   POST /_test/NAME      {"user": name, ...}; 204, 404 no such account, 409 exists already
#   GET  /_test/sessions  {"count": sessions in the pool}; 501 where the cookie is the session
class Scaffold
  CHANGES = {
    'disable' => ->(accounts, a, _) { a.active = false },
    'enable' => ->(accounts, a, _) { a.active = true },
    'set_role' => ->(accounts, a, data) { a.role = data['role'] },
    'set_password' => ->(accounts, a, data) { accounts.set_password(a, data['password']) },
    'revoke_all' => ->(accounts, a, _) { accounts.set_password(a, a.password) },
    'delete' => ->(accounts, a, _) { accounts.delete(a.name) }
  }.freeze

  # pool is called for the number of sessions.
  def initialize(app, accounts, pool)
    @app, @accounts, @pool = app, accounts, pool
  end

  def call(env)
    return @app.call(env) unless env['PATH_INFO'].start_with?('/_test/')
    name = env['PATH_INFO'].delete_prefix('/_test/')
    return count if name == 'sessions'
    data = JSON.parse(env['rack.input'].read)
    return status(@accounts.create(data['user'], data['password'], data['role']) ? 204 : 409) if name == 'create'
    account, change = @accounts[data['user']], CHANGES[name]
    return status(404) unless account && change
    change.call(@accounts, account, data)
    status(204)
  end

  private

  def status(code) = [code, {}, []]

  def count
    n = @pool.call
    n ? [200, { 'Content-Type' => 'application/json' }, [JSON.generate(count: n)]] : status(501)
  end
end
