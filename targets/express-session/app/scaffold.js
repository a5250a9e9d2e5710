// What an operator does to accounts and sessions, below /_test/. Loopback only, as the whole site.
//
//   POST /_test/NAME      {"user": name, ...}; 204, 404 no such account, 409 exists already
//   GET  /_test/sessions  {"count": sessions in the store}
'use strict'

const express = require('express')
const accounts = require('./accounts')

module.exports = function (store) {
  // each calls f with id and data of every stored session of the account.
  const each = (account, f, done) => store.all((err, sessions) => {
    if (err) return done(err)
    for (const [sid, data] of Object.entries(sessions)) {
      if (data.passport?.user?.id === account.id) f(sid, data)
    }
    done()
  })
  const changes = {
    disable: (a, body, done) => { a.active = false; done() },
    enable: (a, body, done) => { a.active = true; done() },
    set_role: (a, body, done) => { a.role = body.role; done() },
    set_password: (a, body, done) => { accounts.setPassword(a, body.password); done() },
    delete: (a, body, done) => { accounts.byName.delete(a.name); done() },
    revoke_all: (a, body, done) => each(a, sid => store.destroy(sid), done),
    expire: (a, body, done) => each(a, (sid, data) => {
      data.cookie.expires = new Date(Date.now() - 60000).toISOString()
      store.set(sid, data)
    }, done)
  }
  const router = express.Router()
  router.get('/sessions', (req, res, next) => store.length((err, count) => err ? next(err) : res.json({ count })))
  router.post('/create', (req, res) => {
    res.sendStatus(accounts.create(req.body.user, req.body.password, req.body.role) ? 204 : 409)
  })
  router.post('/:name', (req, res, next) => {
    const account = accounts.byName.get(req.body.user)
    const change = changes[req.params.name]
    if (!account || !change) return res.sendStatus(404)
    change(account, req.body, err => err ? next(err) : res.sendStatus(204))
  })
  return router
}
