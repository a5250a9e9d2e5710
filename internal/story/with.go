package story

// What a `refresh` sends in place of what the client holds now.
const (
	// Spent is all that the client held when it made its last refresh.
	Spent = "spent"
	// Copied is all that the client held when it signed out last.
	Copied = "copy"
)
