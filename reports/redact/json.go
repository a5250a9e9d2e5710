package redact

import (
	"bytes"
	"encoding/json"
)

// JSON redacts the texts of a JSON value and leaves its syntax alone: a secret
// that ends in a backslash, or in a quotation mark, does not take along the mark
// that ends the text. What is no JSON is redacted as a text.
func (r *Redactor) JSON(b []byte) []byte {
	var out bytes.Buffer
	out.Grow(len(b))
	for len(b) > 0 {
		start := bytes.IndexByte(b, '"')
		if start < 0 {
			break
		}
		end := literalEnd(b, start)
		if end < 0 {
			out.Write(r.Bytes(b))
			return out.Bytes()
		}
		out.Write(b[:start])
		out.Write(r.literal(b[start:end]))
		b = b[end:]
	}
	out.Write(b)
	return out.Bytes()
}

// literalEnd is where the string that begins at start has ended, -1 for nowhere.
func literalEnd(b []byte, start int) int {
	for i := start + 1; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return -1
}

// literal redacts one string with its quotation marks. It stays as it is written
// where there is nothing to hide.
func (r *Redactor) literal(b []byte) []byte {
	text := string(b[1 : len(b)-1])
	if bytes.ContainsRune(b, '\\') && json.Unmarshal(b, &text) != nil {
		return r.Bytes(b)
	}
	hidden := r.String(text)
	if hidden == text {
		return b
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if enc.Encode(hidden) != nil { // a string always can be
		return []byte(`""`)
	}
	return bytes.TrimRight(out.Bytes(), "\n")
}
