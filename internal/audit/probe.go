package audit

import "context"

// Probe is one idea: a scene that is played in the engine and answers a few
// rows of the table.
type Probe struct {
	// ID is the first half of its rows' ids, Title heads them.
	ID, Title string
	// Rows are what it answers.
	Rows []Expect
	// Run plays it and writes down what it saw, row by row. After an error the
	// rows that it has not answered are "not probed" with that reason.
	Run func(ctx context.Context, s *Session, seen Observation) error
}

// Expect is what the specifications say of one row.
type Expect struct {
	// ID is the second half of the row's id; it stays for ever.
	ID string
	// What says what is looked at.
	What string
	// Want are the outcomes that the specification allows, the preferred one
	// first. Empty: it leaves the matter open.
	Want []string
	// AtLeast is used in place of Want where an outcome begins with a number.
	AtLeast int
	// Source is where the expectation stands, or where it is left open.
	Source string
}

func (e Expect) id(p Probe) string { return p.ID + "/" + e.ID }

// Observation is what was seen, by the second half of the row's id. The words
// are the same in every run unless the behaviour is not.
type Observation map[string]string

// stored and the others are the outcomes that many rows share.
const (
	stored    = "stored"
	refused   = "refused"
	sent      = "sent"
	notSent   = "not sent"
	kept      = "kept"
	gone      = "gone"
	nothing   = "nothing"
	noRequest = "no request"
)

// either words a yes or no.
func either(yes bool, is, isNot string) string {
	if yes {
		return is
	}
	return isNot
}

// Probes returns all probes in the order of the table.
func Probes() []Probe {
	return []Probe{
		restart,
		expiry,
		clock,
		cap400,
		sameSite,
		laxPost,
		sameSiteNone,
		prefixes,
		secure,
		partitioned,
		thirdParty,
		scope,
		order,
		overwrite,
		characters,
		httpOnly,
		statuses,
		webSocket,
		pageCache,
		diskCache,
		clearSiteData,
		fetchMetadata,
		prefetch,
		size,
		number,
	}
}
