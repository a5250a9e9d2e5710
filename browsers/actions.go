package browsers

import "math"

// clickActions are the input actions of one click of the mouse, as WebDriver
// and WebDriver BiDi both have them. Whole numbers: WebKit takes no others.
func clickActions(x, y float64) []any {
	return []any{map[string]any{
		"type": "pointer", "id": "mouse", "actions": []any{
			map[string]any{"type": "pointerMove", "x": int(math.Round(x)), "y": int(math.Round(y))},
			map[string]any{"type": "pointerDown", "button": 0},
			map[string]any{"type": "pointerUp", "button": 0},
		}}}
}

// keyActions type a text key by key: commands that insert a whole text leave
// no change event behind when the focus leaves.
func keyActions(text string) []any {
	var keys []any
	for _, r := range text {
		key := string(r)
		if r == '\n' {
			key = "\ue007" // Enter
		}
		keys = append(keys, map[string]string{"type": "keyDown", "value": key}, map[string]string{"type": "keyUp", "value": key})
	}
	return []any{map[string]any{"type": "key", "id": "keys", "actions": keys}}
}
