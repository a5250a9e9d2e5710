// The accounts, in memory. Passwords are kept in clear: how they are kept concerns no session, and a run signs in
// hundreds of times.
'use strict'

const byName = new Map()
let last = 0

// create makes an account; false if the name is taken.
function create (name, password, role = 'user') {
  if (!name || !password || byName.has(name)) return false
  byName.set(name, { id: ++last, name, password, role, active: true, generation: 1 })
  return true
}

// setPassword also ends what was signed in with the old one: sessions hold the generation.
function setPassword (account, password) {
  account.password = password
  account.generation++
}

// byKey finds the account of a session, undefined if it is gone, off, or its password is another.
function byKey ({ id, generation }) {
  for (const a of byName.values()) {
    if (a.id === id) return a.active && a.generation === generation ? a : undefined
  }
}

module.exports = { byName, create, setPassword, byKey }
