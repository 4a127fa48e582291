package lab

import "time"

// experiments are each chapter's script, its symptom, and what breaks. What to notice is said in
// the words of a README.
var experiments = []Experiment{
	theScript(1, "Queued after LongPrime, it takes 1.3 seconds as well."),
	silent(1, "The second client waits for the first client, whatever the first does or doesn't do."),
	theScript(2, "Who waits for whom is as it was: one goroutine, one client, and the backlog."),
	silent(2, "It waits for the one client that has nothing to say, and so does everybody else, for as long as that client likes."),
	theScript(3, "Each goroutine waits for its own client, and each client for its own goroutine."),
	silent(3, "A thousand idle clients block nobody."),
	{Chapter: 3, Title: "More clients than descriptors", Question: "The server has ten descriptors left. Of twenty clients, how many are greeted within two seconds?",
		Watch:  "The lanes that stay ochre: these clients are connected, and nobody has greeted them.",
		Notice: "The server stopped there because it had nothing left.",
		steps:  []step{{says: "Twenty clients come", Request: Request{Do: "fill"}, pause: 2 * time.Second}}, outcome: count(Greeted)},
	theScript(4, "Four workers are enough for three clients."),
	{Chapter: 4, Title: "Four clients that say nothing", Question: "Four clients say nothing, then two ask for an echo. How many are answered within two seconds?",
		Watch:  "The last two lanes: are they greeted at all?",
		Notice: "Four idle clients are enough to lock out everybody else, and an attacker needs no more than that.",
		steps: []step{
			{says: "Four clients come and say nothing", Request: Request{Do: "idle", Count: 4}, pause: beat},
			{says: "Two more ask for an echo", Request: Request{Do: "echo", Count: 2}, limit: 2 * time.Second},
		}, outcome: count(Answered)},
	theScript(5, "But one goroutine is one goroutine: while it divides, it serves no one."),
	divides(5, "Here it costs everybody, idle or not, and a second core would not help: nothing in this server can use it."),
	theScript(6, "Nothing changes for the clients."),
	divides(6, "And a long prime still stops everybody for as long as it takes: walls between packages are not walls between clients."),
	theScript(7, "Stopping is something that the division doesn't do."),
	divides(7, "A long prime stops all clients, as before."),
	theScript(8, "So while a prime keeps one core busy, a thread on the other still runs the loop, and the echoes are served."),
	eight(8, "An echo that becomes ready stands at the end, though it wants less than a thousandth of the time that each of them gets."),
	stopped(8, drained),
	theScript(9, "The pool goes between the server and its check, and neither of them knows."),
	eight(9, "So when an echo's thread wakes up, it gets the core almost at once, and nice 19 costs a prime nothing while nobody else wants the core."),
	stopped(9, drained),
}

const drained = "So this is the promise: what has arrived 100 ms after the signal is answered, and the client gets every reply, then the end of the stream."

func theScript(chapter int, notice string) Experiment {
	return Experiment{Chapter: chapter, Title: "The script of three", Notice: notice,
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
func eight(chapter int, notice string) Experiment {
	return Experiment{Chapter: chapter, Title: "Echoes beside eight long primes", Notice: notice,
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
			{says: "Two clients ask for long primes", Request: Request{Do: "primes", Count: 2}, pause: beat},
			{says: "SIGTERM", Request: Request{Do: "term"}, limit: 20 * time.Second},
		}, outcome: count(Answered)}
}
