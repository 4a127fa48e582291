//go:build !unix

package server

// watch does nothing: here, the check for a client that has gone goes on.
func (c *conn) watch(cancel func()) (stop func()) { return func() {} }
