// Package fuzz looks for the bug whose story nobody has written. It draws stories
// on the model before the first request, plays many at a time, plays again alone
// what looked wrong, makes it short, and hands it over as a scenario file.
//
// It judges nothing by itself: the player, the model and the judge are those of
// every run. What is here is the drawing, the triage and the shrinking.
package fuzz
