package scenarios

import "errors"

// Schema returns the JSON Schema of scenario files.
func Schema() ([]byte, error) { return nil, errors.New("no schema yet") }
