package reports

import (
	_ "embed"
	"slices"
)

// run.schema.json is generated from the Go types by a test, so that the library
// that does it stays out of the program:
//
//	go test ./reports -run TestSchemaIsCurrent -update
//
//go:embed run.schema.json
var runSchema []byte

// Schema returns the JSON Schema (draft 2020-12) of run.json.
func Schema() ([]byte, error) { return slices.Clone(runSchema), nil }
