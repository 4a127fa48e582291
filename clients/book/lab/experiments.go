package lab

import "time"

// experiments are each chapter's script, its symptom, and what breaks.
var experiments = []Experiment{
	theScript(1, "It takes the next client when the one before it has left."),
	silent(1, "It is still with the client that says nothing."),
	theScript(2, ""),
	silent(2, ""),
	theScript(3, ""),
	silent(3, ""),
	{Chapter: 3, Title: "More clients than descriptors", Question: "The server has ten descriptors left. Of twenty clients, how many are greeted?", Notice: "",
		steps: []step{{says: "Twenty clients come", Request: Request{Do: "fill"}, pause: 2 * time.Second}}, outcome: count(Greeted)},
	theScript(4, ""),
	{Chapter: 4, Title: "Four clients that say nothing", Question: "Four clients say nothing, then two ask for an echo. How many are answered?", Notice: "",
		steps: []step{
			{says: "Four clients come and say nothing", Request: Request{Do: "idle", Count: 4}, pause: beat},
			{says: "Two more ask for an echo", Request: Request{Do: "echo", Count: 2}, limit: 2 * time.Second},
		}, outcome: count(Answered)},
	theScript(5, ""),
	divides(5, ""),
	theScript(6, ""),
	divides(6, ""),
	theScript(7, ""),
	divides(7, ""),
	theScript(8, ""),
	eight(8, ""),
	stopped(8, ""),
	theScript(9, ""),
	eight(9, ""),
	stopped(9, ""),
}

func theScript(chapter int, notice string) Experiment {
	return Experiment{Chapter: chapter, Title: "The script of three", Notice: notice,
		Question: "LongPrime asks first. In which order are the three answered?", Options: orders(),
		steps: []step{{says: "LongPrime asks, then Echo and SmallPrime come", Request: Request{Do: "script"}}}, outcome: order}
}

// silent is an idle client, and one that asks.
func silent(chapter int, notice string) Experiment {
	return Experiment{Chapter: chapter, Title: "A client that says nothing", Notice: notice,
		Question: "One client says nothing, then two ask for an echo. How many are answered?",
		steps: []step{
			{says: "A client comes and says nothing", Request: Request{Do: "idle"}, pause: beat},
			{says: "Two more ask for an echo", Request: Request{Do: "echo", Count: 2}, limit: 2 * time.Second},
		}, outcome: count(Answered)}
}

// divides is an echo while the server divides.
func divides(chapter int, notice string) Experiment {
	return Experiment{Chapter: chapter, Title: "An echo beside a long prime", Notice: notice,
		Question: "A long prime takes more than a second. How many milliseconds does an echo take beside it?",
		steps: []step{
			{says: "A client asks for a long prime", Request: Request{Do: "prime"}, pause: beat},
			{says: "Another one asks for an echo", Request: Request{Do: "echo"}, limit: 20 * time.Second},
		}, outcome: longestEcho}
}

// eight is nine echoes while more primes are divided than there are cores.
func eight(chapter int, notice string) Experiment {
	return Experiment{Chapter: chapter, Title: "Echoes beside eight long primes", Notice: notice,
		Question: "Eight clients ask for long primes, then nine ask for an echo. How many milliseconds does the slowest echo take?",
		steps: []step{
			{says: "Eight clients ask for long primes", Request: Request{Do: "primes"}, pause: beat},
			{says: "Nine more ask for an echo", Request: Request{Do: "echo", Count: 9}, limit: 30 * time.Second},
		}, outcome: longestEcho}
}

// stopped is a SIGTERM while requests are in flight.
func stopped(chapter int, notice string) Experiment {
	return Experiment{Chapter: chapter, Title: "SIGTERM", Notice: notice,
		Question: "Two clients wait for long primes when the server is told to stop. How many are answered?",
		steps: []step{
			{says: "Two clients ask for long primes", Request: Request{Do: "primes", Count: 2}, pause: beat},
			{says: "SIGTERM", Request: Request{Do: "term"}, limit: 20 * time.Second},
		}, outcome: count(Answered)}
}
