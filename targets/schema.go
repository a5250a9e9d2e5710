package targets

import (
	_ "embed"
	"slices"
)

// target.schema.json is generated from the Go types by a test, so that the
// library that does it stays out of the program:
//
//	go test ./targets -run TestSchemaIsCurrent -update-schema
//
//go:embed target.schema.json
var targetSchema []byte

// Schema returns the JSON Schema (draft 2020-12) of target files, for the
// completion of editors. What only shows across a file (unknown variables, names
// used twice) and the grammar of conditions is left to Load.
func Schema() ([]byte, error) { return slices.Clone(targetSchema), nil }
