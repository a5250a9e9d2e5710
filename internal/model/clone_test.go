package model

import (
	"reflect"
	"testing"
)

// TestClone: a clone goes on as the world would have, and neither notices the other.
func TestClone(t *testing.T) {
	histories(t, func(t *testing.T, d Declared, events []Event) {
		w, alone := New(d, people), New(d, people)
		for i, e := range events {
			if i == len(events)/2 {
				c := w.Clone()
				for _, e := range events[i:] {
					c.Apply(e)
				}
				if !reflect.DeepEqual(w.Known(), alone.Known()) {
					t.Errorf("the clone's life has changed the world")
				}
				if rest := apply(w.Clone(), events[i:]); !reflect.DeepEqual(c.Known(), rest) {
					t.Errorf("two clones differ:\n%+v\n%+v", c.Known(), rest)
				}
			}
			if a, b := w.Apply(e), alone.Apply(e); !reflect.DeepEqual(a, b) {
				t.Errorf("event %d: %+v, alone %+v", i, a, b)
			}
		}
	})
}

func apply(w *World, events []Event) []Known {
	for _, e := range events {
		w.Apply(e)
	}
	return w.Known()
}
