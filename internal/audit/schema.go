package audit

import (
	_ "embed"
	"slices"
)

// audit.schema.json is generated from the Go types by a test, so that the
// library that does it stays out of the program:
//
//	go test ./internal/audit -run TestSchemaIsCurrent -update
//
//go:embed audit.schema.json
var auditSchema []byte

// Schema returns the JSON Schema (draft 2020-12) of audit.json.
func Schema() ([]byte, error) { return slices.Clone(auditSchema), nil }
