package targets

import "errors"

// Schema returns the JSON Schema of target files.
func Schema() ([]byte, error) { return nil, errors.New("no schema yet") }
