package scenarios

import (
	_ "embed"
	"slices"
)

// The schemas are generated from the Go types by a test, so that the library
// that does it stays out of the program:
//
//	go test ./scenarios -run TestSchemaIsCurrent -update-schema

//go:embed scenario.schema.json
var scenarioSchema []byte

//go:embed requirements.schema.json
var requirementsSchema []byte

// Schema returns the JSON Schema (draft 2020-12) of scenario files, for the
// completion of editors. Whether names are those of the cast and requirements
// exist is left to Load.
func Schema() ([]byte, error) { return slices.Clone(scenarioSchema), nil }

// RequirementsSchema returns the JSON Schema (draft 2020-12) of requirements.yaml.
func RequirementsSchema() ([]byte, error) { return slices.Clone(requirementsSchema), nil }
