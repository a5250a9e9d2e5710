package wire

// writing is a request on its way out.
type writing struct {
	done  chan struct{} // nil for one that is out
	total int
	n     int   // valid after done
	err   error // valid after done
}

// send writes a request. A large one is written on the side, because a server may
// send its answer first and read later, and then both would wait for the other;
// err is known at once only for a small one.
func send(c *conn, request []byte) (w *writing, err error) {
	w = &writing{total: len(request)}
	if len(request) <= smallRequest {
		w.n, w.err = c.Write(request)
		return w, w.err
	}
	w.done = make(chan struct{})
	go func() {
		defer close(w.done)
		w.n, w.err = c.Write(request)
	}()
	return w, nil
}

// finish ends the writing once the answer is in, or is not to come: a server that
// stopped reading must not hold us up, so what is still unwritten is given up by
// closing the connection. whole says that all was written and the connection is
// open; begun that anything was written.
func (w *writing) finish(c *conn) (whole, begun bool) {
	if w.done == nil {
		return w.err == nil && w.n == w.total, w.n > 0
	}
	select {
	case <-w.done:
		whole = w.err == nil && w.n == w.total
	default:
		c.abort()
		<-w.done
	}
	return whole, w.n > 0
}
