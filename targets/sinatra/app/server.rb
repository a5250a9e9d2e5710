# A small site that uses Sinatra's sessions as its documentation says.
#
# usage: server.rb PORT STORE      STORE: cookie (Sinatra's default) or pool; serves on 127.0.0.1
#
# JSON in and out; which statuses mean what is in ../app.yaml.
require 'json'
require 'sinatra/base'
require 'webrick'
require_relative 'accounts'
require_relative 'scaffold'

port, store = ARGV
ACCOUNTS = Accounts.new

# The pool with a door to its size: it has none of its own.
class Pool < Rack::Session::Pool
  class << self
    attr_accessor :last
  end

  def initialize(...)
    super
    Pool.last = self
  end
end

class Site < Sinatra::Base
  use Scaffold, ACCOUNTS, -> { Pool.last&.pool&.size }

  set :environment, :production
  set :session_secret, 'not secret: this site exists for the length of one test run on the loopback interface'
  set :sessions, same_site: :lax # httponly is on by default, secure would need https

  before { cache_control :no_store }

  def me = @me ||= ACCOUNTS.of(session)

  def data = @data ||= JSON.parse(request.body.read)

  def signed_in! = me || halt(401)

  # A sign-in: nothing of the session before, under a new id.
  def remember(account)
    note = session[:note] if session[:id] == account.id
    session.clear
    session.options[:renew] = true
    session.update(user: account.name, id: account.id, generation: account.generation, note: note)
  end

  def sign_up = status(ACCOUNTS.create(data['user'], data['password']) ? 201 : 409)

  post('/login') do
    account = ACCOUNTS[data['user']]
    halt 401 unless account && account.active && account.password == data['password']
    remember(account)
    204
  end

  post('/logout') do
    session.destroy
    204
  end

  get('/whoami') do
    signed_in!
    content_type :json
    JSON.generate(user: me.name, role: me.role)
  end

  post('/signup') { sign_up }

  post('/users') do
    halt 403 unless signed_in!.role == 'admin'
    sign_up
  end

  post('/password') do
    halt 403 unless signed_in!.password == data['current'] && !data['new'].to_s.empty?
    ACCOUNTS.set_password(me, data['new'])
    remember(me)
    204
  end

  get('/note') do
    signed_in!
    content_type :json
    JSON.generate(text: session[:note].to_s)
  end

  post('/note') do
    signed_in!
    session[:note] = data['text']
    204
  end

  get('/') do
    '<!doctype html><title>home</title>' +
      if me # names are letters and digits
        %(<p id="user">#{me.name}</p><form id="sign-out" method="post" action="/logout"><button>Sign out</button></form>)
      else
        '<p id="sign-in">Signed out.</p>'
      end
  end
end

Site.set(:session_store, Pool) if store == 'pool'
Rack::Handler::WEBrick.run(Site, Host: '127.0.0.1', Port: port.to_i, AccessLog: [],
                                 Logger: WEBrick::Log.new($stderr, WEBrick::Log::WARN)) do |server|
  trap('TERM') { server.shutdown }
end
