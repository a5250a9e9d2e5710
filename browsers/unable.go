package browsers

import (
	"errors"
	"fmt"
)

// ErrUnable says that an engine cannot do what was asked of it: no fault of the
// site, nor of the test. errors.Is tells; the error's text carries the engine's
// own reason.
var ErrUnable = errors.New("this engine cannot do it")

// unable is an error that is ErrUnable.
type unable struct{ reason string }

func (e *unable) Error() string        { return e.reason }
func (e *unable) Is(target error) bool { return target == ErrUnable }

// Unable makes an error that is ErrUnable.
func Unable(format string, args ...any) error { return &unable{fmt.Sprintf(format, args...)} }
