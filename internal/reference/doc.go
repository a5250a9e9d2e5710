// Package reference is the embedded server the harness is tried on: a small
// session implementation that behaves, in five dialects, with faults that can
// be planted in it one at a time. Further dialects speak like products, to
// stand in for them where none can be started.
//
// One way in for each kind of caller: Serve (Go), ServeCLI, AdminCLI and
// ClientCLI (command lines). Server and admin command line are meant to run as
// separate processes on the same store file.
//
// It is an object of study, not a product: hashing is cheap, second factors
// are fixed codes and nothing is throttled.
package reference
