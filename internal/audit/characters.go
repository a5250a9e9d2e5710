package audit

import "context"

const (
	parsing = "RFC 6265bis 5.6"
	control = "RFC 6265bis 5.6 step 1"
	asIs    = "RFC 6265bis 5.6 and 5.8.3: octets go back as they came"
)

var characterLines = []line{
	{Expect{ID: "no-name", What: "=value", Want: []string{stored}, Source: "RFC 6265bis 5.6 step 3"}, "=nameless; Path=/page", "nameless"},
	{Expect{ID: "no-sign", What: "value alone", Want: []string{stored}, Source: "RFC 6265bis 5.6 step 3"}, "bare; Path=/", "bare"},
	{Expect{ID: "no-value", What: "name=", Want: []string{stored}, Source: parsing}, "novalue=", "novalue="},
	{Expect{ID: "control", What: "control octet 01 in the value", Want: []string{refused}, Source: control}, "a=x\x01y", "a=x\x01y"},
	{Expect{ID: "control-name", What: "control octet 01 in the name", Want: []string{refused}, Source: control}, "b\x01=x", "b\x01=x"},
	{Expect{ID: "delete-octet", What: "octet 7F in the value", Want: []string{refused}, Source: control}, "c=x\x7fy", "c=x\x7fy"},
	{Expect{ID: "control-attribute", What: "control octet 01 in an attribute", Want: []string{refused}, Source: control}, "d=1; Odd=\x01", "d=1"},
	{Expect{ID: "tab", What: "tab in the value", Want: []string{stored}, Source: control + ": the tab is allowed"}, "e=x\ty", "e=x\ty"},
	{Expect{ID: "blank", What: "blank in the value", Want: []string{stored}, Source: asIs}, "f=x y", "f=x y"},
	{Expect{ID: "blanks-around", What: "blanks around name and value", Want: []string{stored}, Source: "RFC 6265bis 5.6 step 4: removed"}, "  g  =  x  ", "g=x"},
	{Expect{ID: "quotes", What: "value in quotes", Want: []string{stored}, Source: asIs}, `h="x y"`, `h="x y"`},
	{Expect{ID: "quoted-semicolon", What: "semicolon in quotes", Want: []string{`stored as "x`}, Source: parsing + ": ends the value all the same"}, `i="x;y"`, `i="x;y"`},
	{Expect{ID: "comma", What: "comma in the value", Want: []string{stored}, Source: asIs}, "j=x,y", "j=x,y"},
	{Expect{ID: "sign", What: "= in the value", Want: []string{stored}, Source: asIs}, "k=x=y", "k=x=y"},
	{Expect{ID: "utf8", What: "UTF-8 in the value", Want: []string{stored}, Source: asIs}, "l=é漢", "l=é漢"},
	{Expect{ID: "utf8-name", What: "UTF-8 in the name", Want: []string{stored}, Source: asIs}, "mé=1", "mé=1"},
	{Expect{ID: "not-utf8", What: "octets FF FE in the value", Want: []string{stored}, Source: asIs}, "n=\xff\xfe", "n=\xff\xfe"},
	{Expect{ID: "percent", What: "%41 in the value", Want: []string{stored}, Source: asIs}, "o=%41", "o=%41"},
	{Expect{ID: "bracket-name", What: "name x[y]:z", Want: []string{stored}, Source: asIs}, "x[y]:z=1", "x[y]:z=1"},
}

// characters is what a line may consist of.
var characters = Probe{
	ID: "characters", Title: "Names, values and odd octets",
	Rows: append(rows(characterLines), Expect{ID: "nul", What: "NUL in the value", Want: []string{refused, "the whole answer refused"}, Source: control + "; RFC 9110 5.5"},
		Expect{ID: "empty", What: "=", Want: []string{refused}, Source: "RFC 6265bis 5.7 step 2"}),
	Run: func(ctx context.Context, s *Session, seen Observation) error {
		a, err := s.shared(ctx)
		if err != nil {
			return err
		}
		at := s.Web.HTTP(s.host("characters")) + "/page"
		if err := a.play(ctx, at, at, characterLines, seen); err != nil {
			return err
		}
		// Alone, on a host with no other cookie: what comes with it is all there is.
		at = s.Web.HTTP(s.host("empty")) + "/"
		if err := a.set(ctx, at, "="); err != nil {
			return err
		}
		header, err := a.cookies(ctx, at)
		if err != nil {
			return err
		}
		seen["empty"] = either(header == "", refused, stored)

		at = s.Web.HTTP(s.host("nul")) + "/"
		if err := a.set(ctx, at, "p=x\x00y", "q=1"); err != nil {
			seen["nul"] = "the whole answer refused"
			return nil // that is the observation
		}
		if header, err = a.cookies(ctx, at); err != nil {
			return err
		}
		seen["nul"] = fate(header, "p=x\x00y")
		return nil
	},
}
