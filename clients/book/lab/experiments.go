package lab

import (
	"fmt"
	"runtime"
	"time"
)

// experiments are each chapter's script, its symptom, and what breaks. What to notice is said in
// the words of a README.
var experiments = []Experiment{
	theScript(1, "Queued after LongPrime, it takes 1.3 seconds as well."),
	silent(1, "The second client waits for the first client, whatever the first does or doesn't do."),
	{Chapter: 1, Title: "Three clients that ask for nothing", Predict: true,
		Question: "Three clients connect and ask for nothing. How many of them get the * within two seconds?",
		Watch:    "The lanes that stay ochre: these clients are connected, and nobody has greeted them.",
		Notice:   "The second client waits for the first client, whatever the first does or doesn't do.",
		steps:    []step{{says: "Three clients come and say nothing", Request: Request{Do: "idle", Count: 3}, pause: 2 * time.Second}}, outcome: count(Greeted)},
	theScript(2, "Who waits for whom is as it was: one goroutine, one client, and the backlog."),
	silent(2, "It waits for the one client that has nothing to say, and so does everybody else, for as long as that client likes."),
	{Chapter: 2, Title: "One byte at a time", Predict: true,
		Question: "The bytes of ^abc$^P127$ come one by one, a tenth of a second apart, with a long pause after the 2. How many bytes of replies are there before the $ of their request has been sent?",
		Watch:    "The table of bytes: what is there to remember while nothing comes after ^P12?",
		Notice:   "The bytes themselves are not on the list.",
		steps: []step{
			{says: "^abc$^P12, byte by byte", Request: Request{Do: "bytes", Text: "^abc$^P12"}, pause: 2 * beat},
			{says: "7", Request: Request{Do: "send", Client: 1, Text: "7"}, pause: keystroke},
			{says: "The last $", Request: Request{Do: "send", Client: 1, Text: "$"}, limit: 2 * time.Second},
		}, outcome: early},
	theScript(3, "Each goroutine waits for its own client, and each client for its own goroutine."),
	silent(3, "A thousand idle clients block nobody."),
	{Chapter: 3, Title: "More clients than descriptors", Question: "The server has ten descriptors left. Of twenty clients, how many are greeted within two seconds?",
		Watch:  "The lanes that stay ochre: these clients are connected, and nobody has greeted them.",
		Notice: "The server stopped there because it had nothing left.",
		steps:  []step{{says: "Twenty clients come", Request: Request{Do: "fill"}, pause: 2 * time.Second}}, outcome: count(Greeted)},
	onOneCore(theScript(3, "The loop doesn't give the core up. The core is taken away from it.")),
	theScript(4, "Four workers are enough for three clients."),
	{Chapter: 4, Title: "Four clients that say nothing", Question: "Four clients say nothing, then two ask for an echo. How many are answered within two seconds?",
		Watch:  "The last two lanes: are they greeted at all?",
		Notice: "Four idle clients are enough to lock out everybody else, and an attacker needs no more than that.",
		steps: []step{
			{says: "Four clients come and say nothing", Request: Request{Do: "idle", Count: 4}, pause: beat},
			{says: "Two more ask for an echo", Request: Request{Do: "echo", Count: 2}, limit: 2 * time.Second},
		}, outcome: count(Answered)},
	{Chapter: 4, Title: "Ten clients that say nothing", Predict: true,
		Question: "Ten clients connect and say nothing. How many are greeted within two seconds?",
		Watch:    "The figures below the lanes: who of those that stay ochre has been accepted, and who is in the kernel's backlog?",
		Notice:   "One has been accepted, and the accept loop holds it and waits for a worker to take it.",
		steps:    []step{{says: "Ten clients come and say nothing", Request: Request{Do: "idle", Count: 10}, pause: 2 * time.Second}}, outcome: count(Greeted)},
	predicted(theScript(5, "But one goroutine is one goroutine: while it divides, it serves no one.")),
	divides(5, "Here it costs everybody, idle or not, and a second core would not help: nothing in this server can use it."),
	theScript(6, "Nothing changes for the clients."),
	divides(6, "And a long prime still stops everybody for as long as it takes: walls between packages are not walls between clients."),
	theScript(7, "Stopping is something that the division doesn't do."),
	divides(7, "A long prime stops all clients, as before."),
	{Chapter: 7, Title: "A handler that stops in the middle", Predict: true,
		Question: "Client 1 sends ^ab, and no more. Client 2 sends ^xy$. Then client 1 sends c$. In which order do they have all of their reply?",
		Options:  []string{"client 1, client 2", "client 2, client 1"},
		Watch:    "Client 1's lane while client 2 is served: Handle is in the middle of a Read, and one goroutine serves both.",
		Notice:   "Its own stack stays as it is: Read, called by Handle, called by the server, each with its local variables.",
		steps: []step{
			{says: "Client 1 sends ^ab", Request: Request{Do: "ask", Text: "^ab"}, pause: beat},
			{says: "Client 2 sends ^xy$", Request: Request{Do: "ask", Text: "^xy$"}, pause: beat},
			{says: "Client 1 sends c$", Request: Request{Do: "send", Client: 1, Text: "c$"}, limit: 2 * time.Second},
		}, outcome: finished},
	theScript(8, "So while a prime keeps one core busy, a thread on the other still runs the loop, and the echoes are served."),
	eight("An echo that becomes ready goes to the back, though it wants less than a thousandth of the time that each of them gets."),
	stopped(8, drained),
	theScript(9, "The pool goes between the server and its check (srv.Check = offload(pool, srv.Check)), and neither of them knows that it's there."),
	fourth("A: each client's goroutine divides",
		"Eight clients ask for long primes, and then nine, a twentieth of a second apart, for an echo. How many milliseconds does the median of the echoes take?",
		"The nine lanes below the eight: how long are their bars, against a goroutine's slice of 10 or 20 ms?",
		"A thread looks at the sockets only when its P's queue and the shared one are empty, and there is always a prime.",
		"-workers", "0"),
	fourth("B: a pool of one goroutine per core",
		"The same eight and nine. How many milliseconds does the median of the echoes take?",
		"The nine lanes again: are their bars as long as with A?",
		"But both Ps divide. A thread goes into epoll only when it has found nothing to run, and that doesn't happen. So an echo waits twice. First its bytes lie in the kernel until sysmon looks: up to 10 ms, 5 on average.",
		"-threads=false"),
	fourth("C: a pool of one goroutine less than there are cores",
		"The same eight and nine. How many milliseconds does the median of the echoes take?",
		"The last of the primes: what do the quick echoes cost it?",
		"One P has nothing to do, so the thread that had it blocks in epoll, and the kernel wakes it the moment a byte arrives.",
		"-threads=false", "-workers", allButOne),
	fourth("D: a pool of threads at the lowest priority",
		"The same eight and nine. How many milliseconds does the median of the echoes take?",
		"Both, the bars of the nine echoes and the last of the primes.",
		"From the moment in which an echo's thread wakes up, the two share the core, and the kernel doesn't settle by the second. It keeps comparing what each has had with what it was due: suppose that the prime runs on for 10 µs. Then it has had all 10, and was due 0.14. So it has to give way."),
	stopped(9, drained),
	{Chapter: 9, Title: "The broker is killed", queued: true,
		Question: "This is the server of Beyond one machine. Four clients wait for long primes, which checkers divide, when the broker between them and the server is killed (kill -9). Two seconds later it is back. How many answers do the four get in all, within two minutes?",
		Watch:    "The four bars, from the kill to their ends, and the echo's below them. Then the server's log: who divides while there is no broker?",
		Notice:   "A number isn't lost, since the server never gives it away. It only lets others try.",
		steps: []step{
			{says: "Four clients ask for long primes", Request: Request{Do: "primes", Count: 4, Text: quickerPrime}, pause: beat / 10},
			{says: "kill -9 for the broker", Request: Request{Do: "kill broker"}},
			{says: "The broker is gone, and somebody asks for an echo", Request: Request{Do: "echo"}, pause: 4 * beat},
			{says: "The broker is back", Request: Request{Do: "restart broker"}, limit: 2 * time.Minute},
			{says: "All have their answers: does another come?", pause: 4 * beat},
		}, outcome: replies},
}

// allButOne is how many workers leave a core to the others.
var allButOne = fmt.Sprint(max(1, runtime.NumCPU()-1))

// fourth is one of the four servers that chapter 9 asks about, with its flags.
func fourth(title, question, watch, notice string, flags ...string) Experiment {
	return Experiment{Chapter: 9, Title: title, Question: question, Watch: watch, Notice: notice,
		Predict: true, Factor: 10, flags: flags,
		steps: []step{
			{says: "Eight clients ask for long primes", Request: Request{Do: "primes"}, pause: beat},
			{says: "Nine more ask for an echo, one after the other", Request: Request{Do: "echo", Count: 9, Rate: 20}, limit: 2 * time.Minute},
		}, outcome: medianEcho}
}

const drained = "So this is the promise: what arrives within 100 ms of the signal is answered, and the client gets every reply, then the end of the stream."

// predicted is what a chapter asks under Predict.
func predicted(e Experiment) Experiment {
	e.Predict = true
	return e
}

// onOneCore is an experiment with a server that may use one core, which its chapter asks about.
func onOneCore(e Experiment) Experiment {
	e.Title, e.Cores = e.Title+", on one core", 1
	e.Question = "The server has one core, and it divides for LongPrime when the others come. In which order are the three answered?"
	return predicted(e)
}

func theScript(chapter int, notice string) Experiment {
	return Experiment{Chapter: chapter, Title: "The script of three", Notice: notice,
		Draws:    true,
		Question: "LongPrime asks first. In which order are the three answered?", Options: orders(),
		Watch: "Echo's lane: does its bar begin before LongPrime's ends, and does it end before?",
		steps: []step{{says: "LongPrime asks, then Echo and SmallPrime come", Request: Request{Do: "script"}}}, outcome: order}
}

// silent is an idle client, and one that asks.
func silent(chapter int, notice string) Experiment {
	return Experiment{Chapter: chapter, Title: "A client that says nothing", Notice: notice,
		Question: "One client says nothing, then two ask for an echo. How many are answered within two seconds?",
		Watch:    "The lanes of the two echoes: ochre as long as nobody has greeted them.",
		steps: []step{
			{says: "A client comes and says nothing", Request: Request{Do: "idle"}, pause: beat},
			{says: "Two more ask for an echo", Request: Request{Do: "echo", Count: 2}, limit: 2 * time.Second},
		}, outcome: count(Answered)}
}

// divides is an echo while the server divides.
func divides(chapter int, notice string) Experiment {
	return Experiment{Chapter: chapter, Title: "An echo beside a long prime", Notice: notice,
		Question: "A long prime takes more than a second. How many milliseconds does an echo take beside it?",
		Watch:    "The echo's bar below the prime's: when does it end?",
		steps: []step{
			{says: "A client asks for a long prime", Request: Request{Do: "prime"}, pause: beat},
			{says: "Another one asks for an echo", Request: Request{Do: "echo"}, limit: 20 * time.Second},
		}, outcome: longestEcho}
}

// eight is nine echoes while more primes are divided than there are cores.
func eight(notice string) Experiment {
	return Experiment{Chapter: 8, Title: "Echoes beside eight long primes", Notice: notice,
		Question: "Eight clients ask for long primes, then nine ask for an echo. How many milliseconds does the slowest echo take?",
		Watch:    "The nine lanes below the eight: how long are their bars, against the primes'?",
		steps: []step{
			{says: "Eight clients ask for long primes", Request: Request{Do: "primes"}, pause: beat},
			{says: "Nine more ask for an echo", Request: Request{Do: "echo", Count: 9}, limit: 30 * time.Second},
		}, outcome: longestEcho}
}

// stopped is a SIGTERM while requests are in flight.
func stopped(chapter int, notice string) Experiment {
	return Experiment{Chapter: chapter, Title: "SIGTERM", Notice: notice,
		Question: "Two clients wait for long primes when the server is told to stop. How many are answered before it ends?",
		Watch:    "The ends of both lanes: a ✓ first, or a red dot?",
		steps: []step{
			{says: "Two clients ask for long primes", Request: Request{Do: "primes", Count: 2, Text: quickerPrime}, pause: beat / 10},
			{says: "SIGTERM", Request: Request{Do: "term"}, limit: 20 * time.Second},
		}, outcome: count(Answered)}
}
