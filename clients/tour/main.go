// Command tour runs the servers of the workbook one after another, plays the script of
// the book with each of them, and draws what the three clients see.
//
//	tour [-chapter number] [-svg]
//
// With -svg it also writes timeline.svg into the folder of each chapter.
package main

import (
	"context"
	"flag"
	"log"
	"os"

	"example.com/concurrent-network-server/clients/internal/chapters"
	"example.com/concurrent-network-server/clients/internal/ending"
	"example.com/concurrent-network-server/clients/internal/terminal"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("tour: ")
	number := flag.Int("chapter", 0, "the `number` of the only chapter to visit")
	svg := flag.Bool("svg", false, "write timeline.svg into the folder of each chapter")
	flag.Parse()
	if flag.NArg() > 0 {
		log.Fatalf("what is %s?", flag.Arg(0))
	}
	ctx, stop := ending.Context()
	defer stop()
	if err := run(ctx, *number, *svg); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, number int, svg bool) error {
	all, _, err := chapters.Find()
	if err != nil {
		return err
	}
	list, err := chapters.Select(all, number)
	if err != nil {
		return err
	}
	tmp, err := os.MkdirTemp("", "tour")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	t := &tour{screen: terminal.Stdout(), tmp: tmp, svg: svg, span: firstSpan}
	return t.run(ctx, list)
}
