// Command table prints what runs against real systems have shown, as Markdown:
// verdicts by requirement group, and which requirement fails where.
//
//	usage: go run ./internal/real/table DIR...      DIR holds a run.json
//
// Exit: 0, or 1 where a run cannot be read or broke.
package main

import (
	"fmt"
	"os"

	"github.com/sessionspec/sessionspec/reports"
)

func main() {
	var runs []*reports.Run
	for _, dir := range os.Args[1:] {
		r, err := reports.Read(dir + "/run.json")
		if err == nil && r.Error != "" {
			err = fmt.Errorf("%s: the run broke: %s", dir, r.Error)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		runs = append(runs, r)
	}
	fmt.Print(document(runs))
}
