// Command step shows what changes from one chapter to another.
//
//	step 3 4
//
// It shows the code as it is committed, without tests, texts and pictures, and files that
// only moved as moved. A module of its own in a chapter's folder is no part of the chapter.
// The comparison is git's.
package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	"example.com/concurrent-network-server/clients/internal/chapters"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("step: ")
	flag.Usage = func() { fmt.Fprintln(flag.CommandLine.Output(), "usage: step 3 4") }
	flag.Parse()
	all, root, err := chapters.Find()
	if err != nil {
		log.Fatal(err)
	}
	cmd, err := diff(all, root, flag.Args())
	if err != nil {
		log.Fatal(err)
	}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	err = cmd.Run()
	if _, ended := errors.AsType[*exec.ExitError](err); ended {
		os.Exit(1) // git has said why, or nobody reads on: step 3 4 | head
	} else if err != nil {
		log.Fatal(err)
	}
}

// diff returns the command that compares the two chapters whose numbers are given.
func diff(all []chapters.Chapter, root string, numbers []string) (*exec.Cmd, error) {
	if len(numbers) != 2 {
		return nil, fmt.Errorf("name two chapters, for instance: step 3 4")
	}
	if out, err := git(root, "rev-parse", "HEAD").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%s is no clone, made with git: %s", root, cmp.Or(string(out), err.Error()))
	}
	args := []string{"diff", "--find-renames=30%", "--irreversible-delete"}
	paths := []string{"--", "*.go", ":!*_test.go", ":!testdata"}
	for _, number := range numbers {
		n, err := strconv.Atoi(number)
		if err != nil || n < 1 {
			return nil, fmt.Errorf("%q is no chapter's number", number)
		}
		selected, err := chapters.Select(all, n)
		if err != nil {
			return nil, err
		}
		args = append(args, "HEAD:"+filepath.Base(selected[0].Dir))
		modules, err := filepath.Glob(filepath.Join(selected[0].Dir, "*", "go.mod"))
		if err != nil {
			return nil, err
		}
		for _, module := range modules {
			paths = append(paths, ":!"+filepath.Base(filepath.Dir(module))+"/")
		}
	}
	return git(root, append(args, paths...)...), nil
}

// git returns a command of git in a folder.
func git(dir string, args ...string) *exec.Cmd {
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	return cmd
}
