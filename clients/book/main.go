// Command book shows the workbook in the browser: the chapters, their code, and every
// step from one to the next.
//
//	book [-addr 127.0.0.1:7800] [-open=false]
//	book -export folder [-base /path/]
//	book -record all
//
// It serves the files of the repository as they are until you press Ctrl-C. With -export
// it writes the pages into a folder instead, for a host to serve or to open from a disk. With
// -record it plays the lab's experiments and keeps what has happened in clients/book/recordings,
// which the pages show.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"example.com/concurrent-network-server/clients/book/beside"
	"example.com/concurrent-network-server/clients/book/export"
	"example.com/concurrent-network-server/clients/book/lab"
	"example.com/concurrent-network-server/clients/book/repo"
	"example.com/concurrent-network-server/clients/book/serve"
	"example.com/concurrent-network-server/clients/book/site"
	"example.com/concurrent-network-server/clients/exercise/desk"
	"example.com/concurrent-network-server/clients/internal/chapters"
	"example.com/concurrent-network-server/clients/internal/human"
	"github.com/cli/browser"
)

type options struct {
	addr, export, base, record string
	open                       bool
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("book: ")
	var o options
	flag.StringVar(&o.addr, "addr", "127.0.0.1:7800", "the `address` to serve at")
	flag.BoolVar(&o.open, "open", true, "open the book in the browser")
	flag.StringVar(&o.export, "export", "", "write the pages into this `folder`, and serve nothing")
	flag.StringVar(&o.base, "base", "/", "the `path` at which a host will serve the exported pages")
	flag.StringVar(&o.record, "record", "", "play `experiments` of the lab and keep what happens: all, those of chapter 8, or 8.2")
	flag.Parse()
	if flag.NArg() > 0 {
		log.Fatalf("what is %s?", flag.Arg(0))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, o, os.Stdout); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, o options, out io.Writer) error {
	list, root, err := chapters.Find()
	if err != nil {
		return err
	}
	fsys, err := repo.Open(root)
	if err != nil {
		return err
	}
	if o.record != "" {
		return o.keep(ctx, list, root, out)
	}
	if o.export == "" {
		return o.serve(ctx, fsys, list, root, out)
	}
	if !strings.HasPrefix(o.base, "/") || !strings.HasSuffix(o.base, "/") {
		return fmt.Errorf("-base %s: it has to begin and end with a slash", o.base)
	}
	book, err := site.Load(fsys, site.Options{Files: true, Base: o.base, Lab: site.RecordedLab})
	if err != nil {
		return err
	}
	files, size, err := export.Write(book, o.export)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d files, %s, in %s\n", files, human.Bytes(float64(size)), o.export)
	return nil
}

// keep plays experiments of the lab, and keeps what has happened in the workbook.
func (o options) keep(ctx context.Context, list []chapters.Chapter, root string, out io.Writer) error {
	kept := 0
	for _, c := range list {
		for _, e := range lab.Experiments(c.Number) {
			if o.record != "all" && o.record != fmt.Sprint(c.Number) && o.record != e.ID {
				continue
			}
			if why := c.Unavailable(); why != "" {
				return fmt.Errorf("chapter %d can't be recorded: %s", c.Number, why)
			}
			fmt.Fprintf(out, "%s %s\n", e.ID, e.Title)
			if err := record(ctx, c, e, filepath.Join(root, filepath.FromSlash(site.Recording(e.ID)))); err != nil {
				return err
			}
			kept++
		}
	}
	if kept == 0 {
		return fmt.Errorf("-record %s: there is no such experiment; say all, a chapter or a number such as 8.2", o.record)
	}
	return nil
}

func record(ctx context.Context, c chapters.Chapter, e lab.Experiment, file string) error {
	recording, err := lab.Record(ctx, c, e)
	if err != nil {
		return err
	}
	text, err := json.Marshal(recording)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, append(text, '\n'), 0o644)
}

// serve serves the book until ctx is done. The lab and the reader's desk are for this machine alone.
func (o options) serve(ctx context.Context, fsys fs.FS, list []chapters.Chapter, root string, out io.Writer) error {
	ln, err := net.Listen("tcp", o.addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%s is taken, perhaps by another book; -addr 127.0.0.1:0 takes a free port", o.addr)
	} else if err != nil {
		return err
	}
	defer ln.Close()
	address := "http://" + ln.Addr().String() + "/"
	pages, opened := site.Options{Base: "/"}, address
	var live http.Handler
	if ln.Addr().(*net.TCPAddr).IP.IsLoopback() {
		servers := lab.New(list)
		defer servers.Close()
		if pages.Desk, err = desk.Open(list, root); err != nil {
			return err
		}
		writing := beside.New(pages.Desk)
		defer writing.Close()
		d := lab.NewHandler(servers)
		live, address, opened, pages.Lab = d.Share("/desk/", writing), d.Link(address), d.LinkOnce(address), site.LiveLab
	}
	open := serve.Fresh(fsys, pages)
	if _, err := open(); err != nil {
		return err
	}
	host, _, _ := net.SplitHostPort(o.addr)
	server := &http.Server{Handler: serve.Handler(open, live, host), ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, func() { server.Close() })
	defer stop()
	o.show(address, opened, out)
	if err := server.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// show tells where the book is, and opens it in the browser, at an address of its own.
func (o options) show(address, opened string, out io.Writer) {
	fmt.Fprintf(out, "The book is open at %s (Ctrl-C closes it)\n", address)
	if !o.open {
		return
	}
	browser.Stdout, browser.Stderr = io.Discard, io.Discard
	if err := browser.OpenURL(opened); err != nil {
		fmt.Fprintln(out, "There is no browser here that opens by itself: copy the address into yours.")
	}
}
