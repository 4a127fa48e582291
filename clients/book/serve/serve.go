// Package serve answers a browser on this machine, and nobody else.
package serve

import (
	"errors"
	"io/fs"
	"log"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"example.com/concurrent-network-server/clients/book/site"
	"github.com/klauspost/compress/gzhttp"
)

// policy is what a page may do: load our script, our stylesheet and pictures from here, and
// speak to the lab.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
	"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Handler serves the book to those who ask for it by a name of this machine. Open returns
// the book as the files are now. Names are host names by which it may be asked for in
// addition to the address at which a request arrives. Lab answers what is for the lab, which
// may be nil.
func Handler(open func() (*site.Book, error), lab http.Handler, names ...string) http.Handler {
	pages := gzhttp.GzipHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { servePage(w, r, open) }))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-cache")
		switch {
		case !isOurs(r, names):
			http.Error(w, "This is not the host that you asked for.", http.StatusForbidden)
		case lab != nil && isForLab(r):
			lab.ServeHTTP(w, r)
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			h.Set("Allow", "GET, HEAD")
			http.Error(w, "The book can only be read.", http.StatusMethodNotAllowed)
		default:
			pages.ServeHTTP(w, r)
		}
	})
}

// isForLab reports whether a request is none for a page: it has the lab's token, or speaks to
// the lab or to the reader's desk, which has the same door.
func isForLab(r *http.Request) bool {
	rest, ok := strings.CutPrefix(r.URL.Path, "/lab/")
	return ok && rest != "" || strings.HasPrefix(r.URL.Path, "/desk/") || r.URL.Query().Has("lab")
}

// isOurs reports whether a request is for the address at which it arrived, or for one of
// the names. A page of the web whose name has been made to lead here sends its own name.
func isOurs(r *http.Request, names []string) bool {
	local, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	if !ok {
		return false
	}
	host, port, err := net.SplitHostPort(r.Host)
	if err != nil { // the port that a browser leaves out
		host, port = strings.Trim(r.Host, "[]"), "80"
	}
	if _, ours, err := net.SplitHostPort(local.String()); err != nil || port != ours {
		return false
	}
	if strings.EqualFold(host, "localhost") {
		return local.IP.IsLoopback()
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.Equal(local.IP) || slices.ContainsFunc(names, func(name string) bool {
		return name != "" && strings.EqualFold(name, host)
	})
}

func servePage(w http.ResponseWriter, r *http.Request, open func() (*site.Book, error)) {
	book, err := open()
	if err != nil {
		fail(w, err)
		return
	}
	name := strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, "/"), "index.html")
	page, err := book.Page(name)
	switch {
	case err == nil:
		send(w, r, http.StatusOK, page)
	case !errors.Is(err, fs.ErrNotExist):
		fail(w, err)
	case isPage(book, name+"/"):
		http.Redirect(w, r, (&url.URL{Path: "/" + name + "/"}).String(), http.StatusMovedPermanently)
	default:
		if page, err = book.Page(site.NotFound); err != nil {
			fail(w, err)
			return
		}
		send(w, r, http.StatusNotFound, page)
	}
}

func isPage(book *site.Book, name string) bool {
	_, err := book.Page(name)
	return err == nil
}

func send(w http.ResponseWriter, r *http.Request, status int, page *site.Page) {
	w.Header().Set("Content-Type", page.Type)
	w.Header().Set("Content-Length", strconv.Itoa(len(page.Body)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		w.Write(page.Body)
	}
}

// fail tells the reader, and whoever looks at the terminal, what is wrong with the text.
func fail(w http.ResponseWriter, err error) {
	log.Print(err)
	http.Error(w, err.Error(), http.StatusInternalServerError)
}
