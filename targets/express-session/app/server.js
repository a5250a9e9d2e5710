// A small site that uses express-session and Passport as their documentation says.
//
// usage: server.js PORT SIGN_OUT      serves on 127.0.0.1
//   SIGN_OUT  logout: Passport's req.logout; destroy: the session's own destroy
//
// JSON in and out; which statuses mean what is in ../app.yaml.
'use strict'

const express = require('express')
const session = require('express-session')
const passport = require('passport')
const { Strategy } = require('passport-local')
const accounts = require('./accounts')
const scaffold = require('./scaffold')

const store = new session.MemoryStore()
const app = express()
app.disable('x-powered-by')
app.set('etag', false)
app.use(express.json())
app.use('/_test', scaffold(store)) // in front of the session middleware: it cannot touch the session of a request
app.use((req, res, next) => {
  res.set('Cache-Control', 'no-store')
  next()
})
app.use(session({
  secret: 'not secret: this site exists for the length of one test run on the loopback interface',
  store,
  resave: false,
  saveUninitialized: false,
  cookie: { sameSite: 'lax' } // httpOnly is on by default, secure would need https
}))
app.use(passport.session())

passport.use(new Strategy({ usernameField: 'user' }, (name, password, done) => {
  const account = accounts.byName.get(name)
  done(null, account && account.active && account.password === password ? account : false)
}))
passport.serializeUser((account, done) => done(null, { id: account.id, generation: account.generation }))
passport.deserializeUser((key, done) => done(null, accounts.byKey(key) || false))

const signedIn = (req, res, next) => req.isAuthenticated() ? next() : res.sendStatus(401)
const adminOnly = (req, res, next) => req.user.role === 'admin' ? next() : res.sendStatus(403)
const create = (req, res) => res.sendStatus(accounts.create(req.body.user, req.body.password) ? 201 : 409)

app.post('/login', passport.authenticate('local'), (req, res) => res.sendStatus(204))
app.post('/logout', (req, res, next) => {
  const done = err => err ? next(err) : res.sendStatus(204)
  if (process.argv[3] === 'destroy') return req.session.destroy(done)
  req.logout(done)
})
app.get('/whoami', signedIn, (req, res) => res.json({ user: req.user.name, role: req.user.role }))
app.post('/signup', create)
app.post('/users', signedIn, adminOnly, create)

app.post('/password', signedIn, (req, res, next) => {
  const { current, new: password } = req.body
  if (req.user.password !== current || !password) return res.sendStatus(403)
  accounts.setPassword(req.user, password)
  // The session holds the old generation; signing in gives this client a new session with the new one.
  req.login(req.user, err => err ? next(err) : res.sendStatus(204))
})

app.get('/note', signedIn, (req, res) => res.json({ text: req.session.note || '' }))
app.post('/note', signedIn, (req, res) => {
  req.session.note = req.body.text
  res.sendStatus(204)
})

app.get('/', (req, res) => {
  res.send('<!doctype html><title>home</title>' + (req.isAuthenticated()
    ? `<p id="user">${req.user.name}</p><form id="sign-out" method="post" action="/logout"><button>Sign out</button></form>`
    : '<p id="sign-in">Signed out.</p>')) // names are letters and digits
})

app.listen(Number(process.argv[2]), '127.0.0.1')
