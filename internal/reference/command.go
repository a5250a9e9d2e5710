package reference

import (
	"io"
	"os"
)

// Command runs a command line that is one of the reference server's own (serve,
// admin, client), and returns its exit code; mine is false for any other. Target
// files start these from the program that reads them, be it sessionspec or a test.
func Command(args []string, stdout, stderr io.Writer) (exit int, mine bool) {
	if len(args) == 0 {
		return 0, false
	}
	switch args[0] {
	case "serve":
		return ServeCLI(args[1:], stdout, stderr), true
	case "admin":
		return AdminCLI(args[1:], stdout, stderr), true
	case "client":
		return ClientCLI(args[1:], os.Environ(), os.Stdin, stdout, stderr), true
	}
	return 0, false
}
