package browsers

import (
	"bytes"
	"context"
	"image/jpeg"
	"image/png"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// filmPatience bounds one picture of a film: a page that cannot be drawn must
// not cost a story its time.
const filmPatience = 3 * time.Second

// filmQuality is JPEG's, of 100: readable, and some ten kilobytes.
const filmQuality = 50

// Film returns what a browser shows now as a small JPEG, for a film strip. An
// error means that there is no picture; nothing else follows from it.
func Film(ctx context.Context, b Browser) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, filmPatience)
	defer cancel()
	if c, ok := b.(interface {
		film(context.Context) ([]byte, error)
	}); ok {
		return c.film(ctx)
	}
	shot, err := b.Screenshot(ctx)
	if err != nil {
		return nil, err
	}
	img, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = jpeg.Encode(&out, img, &jpeg.Options{Quality: filmQuality})
	return out.Bytes(), err
}

// film lets Chrome itself make the picture half as wide: a tenth of the cost of
// a whole one.
func (c *chrome) film(ctx context.Context) (jpg []byte, err error) {
	err = c.step(ctx, "take a picture", func(s *step) error {
		s.waiting = "the picture"
		quality, quick := int64(filmQuality), true
		r, err := chromedp.Call(s.ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{
			Format: page.CaptureScreenshotFormatJpeg, Quality: &quality, OptimizeForSpeed: &quick,
			Clip: &page.Viewport{Width: 1280, Height: 900, Scale: 0.5}})
		jpg = r.Data
		return err
	})
	return jpg, err
}
