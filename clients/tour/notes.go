package main

// notes say what to notice in a chapter's timeline.
var notes = map[int]string{
	1: "Echo and SmallPrime wait for * until LongPrime has hung up. The server serves one client, one request, and then the next client.",
	2: "The picture of chapter 1. A client may ask more than once now, but the server still serves one client at a time.",
	3: "Echo and SmallPrime are answered while LongPrime waits: each client has a goroutine of its own.",
	4: "The picture of chapter 3, as long as a worker is free. There are four; a fifth client would wait for *.",
	5: "Echo and SmallPrime wait for * again, though the server waits for every socket at once: one goroutine does all the work, and it computes.",
	6: "The picture of chapter 5. The code is in packages now; what the clients see is the same.",
	7: "The picture of chapter 5 again. Each client has a coroutine, but only one of them runs at a time.",
	8: "The handlers of chapter 7 on Go's own scheduler: nobody waits for LongPrime but LongPrime.",
	9: "The picture of chapter 8. With eight LongPrimes the two differ: see go run ./clients/bench -scenario beside.",
}

// note returns what to notice in a chapter.
func note(number int) string {
	if text, ok := notes[number]; ok {
		return text
	}
	return "The order in which the three finish tells how the server divides its time."
}
