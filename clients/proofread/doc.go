// Package proofread checks the book against its code: what a README quotes, what it
// says that a program prints, where its links lead, and the files that the chapters
// share by copying. Its tests check the repository.
//
// # Blocks
//
// The words after the opening fence of a code block say what the block is, and so what
// it is compared with. Paths are relative to the README.
//
//	go FILE               lines of the file
//	python FILE
//	diff OLD NEW          lines of the difference between the two files
//	console server        $ go run FOLDER [flags] starts a server; what it prints follows
//	console client        commands that talk to that server, and what they print
//	console log           what the server prints next
//	console test          commands that need no server, and what they print
//	console file=FILE     the file, from its first line to its last
//	sh                    commands that nobody runs, but the paths in them exist
//	text, mermaid         drawings, compared with nothing
//
// Any other block is an error, and so is an indented one.
//
// # Quotes and differences
//
// A go or python block is made of whole lines in the order of the file. Lines are left
// out only where a line says "// ..." or "# ...". A diff block belongs to a difference
// that is as short as possible, as diff -d -u prints it; hunks begin with @@ or are
// separated by "...".
//
// # Transcripts
//
// The console blocks of a README are played from top to bottom, as a reader would who
// has two terminals open, both in the README's folder. The server listens on a free port, and
// the clients are told which; the script of three asks for a shorter LongPrime. The server
// runs until the next one starts, a log shows ^C, or the README ends, and then it must end
// well. "$ command &" goes on in the background until "$ kill %1" or the end; ^C under a
// command interrupts it, and it must not have ended before. A line "..." stands for any
// number of lines. Times, durations, the length of bars, port numbers and white space may
// differ.
//
// # Links
//
// A relative link or an image leads to a file of the repository, and the part after # to a
// heading of it. Addresses in the web are not checked, so that the tests need no network.
//
// # Running it
//
// All paths are relative to the root of the repository, which is the current folder.
// Problems begin with the README and the line. The transcripts need bash, Python and
// some seconds; -short leaves them out.
package proofread
