package reports

import (
	"os"
	"testing"
)

// TestLook writes the sample to $SESSIONSPEC_LOOK for people to look at:
//
//	SESSIONSPEC_LOOK=/tmp/look go test ./reports -run TestLook -v
func TestLook(t *testing.T) {
	dir := os.Getenv("SESSIONSPEC_LOOK")
	if dir == "" {
		t.Skip("SESSIONSPEC_LOOK is not set")
	}
	for name, r := range map[string]*Run{"bad": sample(), "good": healthy(), "hostile": poisoned()} {
		out := dir + "/" + name
		if err := Prepare(out, Run{}); err != nil {
			t.Fatal(err)
		}
		if err := WriteAll(r, out); err != nil {
			t.Fatal(err)
		}
		(&Console{W: os.Stdout, Color: true, Dir: out}).Summary(r)
	}
}
