package reports

import (
	"fmt"
	"html/template"
	"io"
	"sync"
)

// badge is drawn with a character width of about 6.6 at a size of 11 pixels;
// textLength makes every font keep to it.
var badge = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("badge").Parse(`<svg xmlns="http://www.w3.org/2000/svg" width="{{.W}}" height="20" role="img" aria-label="{{.Left}}: {{.Right}}">
<title>{{.Left}}: {{.Right}}</title>
<rect width="{{.LW}}" height="20" fill="#444"/><rect x="{{.LW}}" width="{{.RW}}" height="20" fill="{{.Color}}"/>
<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">
<text x="{{.LX}}" y="14" textLength="{{.LT}}">{{.Left}}</text><text x="{{.RX}}" y="14" textLength="{{.RT}}">{{.Right}}</text>
</g></svg>
`))
})

// badgeColors are by exit code; white text on each has a contrast of 4.5 or more.
var badgeColors = map[int]string{ExitConformant: "#1a7f37", ExitNotConformant: "#b62324", ExitBroken: "#5a5a5a", ExitNothingJudged: "#5a5a5a"}

// WriteBadge writes the verdict as a small SVG picture for a README. It finishes r.
func WriteBadge(r *Run, path string) error {
	r.Finish()
	left, right := "sessions", r.Verdict
	if r.ExitCode == ExitConformant || r.ExitCode == ExitNotConformant {
		right += fmt.Sprintf(" %d/%d", r.Summary[Pass], len(r.Requirements)-r.Summary[NotApplicable])
	}
	if r.Target.StandIn {
		right += " (stand-in)"
	}
	lt, rt := width(left)*66/10, width(right)*66/10
	lw, rw := lt+12, rt+12
	return writeFile(path, func(w io.Writer) error {
		return badge().Execute(w, map[string]any{"Left": left, "Right": right, "Color": badgeColors[r.ExitCode],
			"LW": lw, "RW": rw, "W": lw + rw, "LX": lw / 2, "RX": lw + rw/2, "LT": lt, "RT": rt})
	})
}
