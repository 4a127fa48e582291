package cases

// wrongServers: for each bug of a wrong server, the cases that it must break, those that it may or
// may not break beside them, and what the failures must say. All other cases must pass.
var wrongServers = []struct{ bug, breaks, may, why string }{
	{"none", ``, ``, ``},

	{"greets twice", `greeting/.*`, ``, `should come|wrong`},
	{"greets with a newline", `greeting/.*`, ``, `should come|wrong`},
	{"does not greet", `greeting/.*`, ``, `nothing came|wrong`},
	{"greets late", `greeting/(once.*|each.*)|(frames|errors|data|order|service)/.*`, `.*`, `nothing came|wrong|should come`},
	{"forgets one client in a hundred", `service/a hundred.*`, ``, `nothing came`},
	{"hangs up on the idle", `session/a pause`, `.*`, `not over`}, // any case may take that long

	{"drops what follows in a segment", `frames/bytes between|echo/each byte alone|data/many.*|order/(.*in one.*|a long c.*)|` +
		`ready/an? (echo|small|error).*check|session/after an error|half-close/(after 200.*|after numbers and.*|.*more to come)`,
		`echo/.*|data/.*|errors/(once|any).*|order/.*|ready/.*|session/.*|half-close/.*|vanish/.*|pace/.*|service/.*|crowd/.*`, `nothing came|too early`},
	{"forgets between reads", `echo/(before.*|1 MiB)|errors/once.*|order/(.*everywhere|a long n.*)|ready/.*goes on|` +
		`session/1 MiB.*|pace/a slow.*|service/two.*`, `half-close/after 64.*`, `nothing came|wrong`},
	{"goes on with the last client's frame", `half-close/inside.*|vanish/.*inside.*`, ``, `wrong`},
	{"answers only whole frames", `echo/(before.*|1 MiB)|ready/.*goes on|half-close/inside an echo`, ``, `nothing came|too early`},
	{"ends an echo with a newline", `greeting/before.*|(frames|errors|data)/.*|echo/(each|no).*|service/(a|two cl).*`, `.*`, `come|wrong`},
	{"does not wrap", `echo/255.*`, ``, `wrong`},
	{"has a small buffer", `echo/1 MiB|pace/a slow reader|half-close/after 64 KB`, ``, `nothing came|too early|wrong`},
	{"takes a later P for a number", `data/a (P|\^).*|order/(echoes|all).*everywhere`, ``, `wrong`},
	{"takes p for P", `data/a small p|echo/each byte alone`, ``, `wrong`},
	{"begins anew at a ^", `data/a \^.*`, ``, `wrong|nothing came`},
	{"crashes at an empty frame", `data/.*empty.*`, ``, `closed the connection`},
	{"hangs up after 50 requests", `echo/each byte alone|data/many.*|order/(echoes in|280).*|numbers/up to.*|session/120.*|half-close/after (200|numbers and|64).*|errors/any byte.*`, `crowd/input.*`, `closed the connection`},

	{"calls 1 prime", `numbers/0 and 1`, ``, `wrong`},
	{"calls 2 composite", `numbers/(2 and 3|up to 100)`, ``, `wrong`},
	{"believes Fermat", `numbers/(Carmichael.*|around 2\^32)`, ``, `wrong`},
	{"stops before the square root", `numbers/(up to.*|squares.*)`, `service/a h.*|crowd/.*`, `wrong`},
	{"has 32 bits", `numbers/around 2\^32`, `numbers/over.*|ready/.*|service/be.*|crowd/.*`, `wrong`}, // and no long checks
	{"has floating point", `numbers/over 2\^53`, ``, `wrong`},
	{"has signed numbers", `numbers/(even.*|over 2\^63)`, ``, `wrong`},
	{"has no 2^64-1", `numbers/over 2\^63`, ``, `wrong`},
	{"has another word", `numbers/(0.*|up.*|even.*|squares.*|Carm.*)`, `numbers/.*|service/a h.*|crowd/.*`, `wrong`},
	{"overflows at 2^64", `errors/((far )?over.*|of any length)|session/1 MiB of nines`, ``, `wrong`},
	{"takes 32 digits", `session/leading zeros|session/1 MiB of zeros|frames/as long.*`, ``, `wrong`},
	{"looks for an overflow afterwards", `errors/over 2\^64-1 without.*`, ``, `wrong`},
	{"keeps a frame open that fills the buffer", `frames/(as long.*|at the end.*)`, ``, `wrong|nothing came`},
	{"begins anew at a ^ in a wrong number", `errors/(a \^ inside|of any length)`, ``, `wrong|nothing came`},
	{"ignores a carriage return", `errors/(spaces|any byte.*)`, ``, `wrong`},
	{"has a short buffer for errors", `errors/of any length`, ``, `wrong|nothing came`},
	{"trims spaces", `errors/(spaces|any byte.*)`, ``, `wrong`},
	{"takes signs", `errors/(signs|any byte.*)`, ``, `wrong`},
	{"takes nothing for 0", `errors/no digits`, `errors/.*|order/.*|ready/.*|session/.*|half-close/.*|service/.*`, `wrong`},
	{"gives no reason", `errors/no digits`, `errors/.*|order/.*|ready/.*|session/.*|half-close/.*|service/.*`, `wrong`},
	{"complains about each byte", `errors/(digits of.*|once.*)`, `errors/.*`, `wrong|should come`},
	{"hangs up after an error", `errors/.*|session/after.*`, `order/.*|ready/an error.*|session/.*|half-close/after numbers and.*`, `closed the connection`},

	{"mixes up verdicts", `crowd/numbers of.*`, `crowd/input.*`, `wrong`},
	{"reads into one buffer for all", `crowd/input.*`, `.*`, `wrong|nothing came`},
	{"serves 128 at most", `crowd/300.*`, ``, `beside 128 clients .*nothing came`},
	{"dies at descriptor 250", `crowd/300.*`, ``, `can't connect|closed|served nobody`},
	{"is slow from client 1,001", `crowd/1,100.*`, ``, `takes \S+ beside 1099 clients and \S+ without`},
	{"has Nagle's delays", `echo/without.*`, `.*`, `TCP_NODELAY`},
	{"hangs up on the silent inside a frame", `session/a long pause.*`, ``, `not over|too early`},
	{"loses a kilobyte at a half-close", `half-close/after (64 KB|numbers and.*)`, `half-close/after 256.*`, `closed the connection too early`},
	{"closes late", `half-close/at once`, `.*`, `never earlier`},

	{"replies out of order", `order/a long check before an echo`, `ready/one.*|half-close/.*`, `wrong`},
	{"holds back what is ready", `ready/.*check.*`, `service/be.*`, `what was ready`},
	{"loses what it owes at a half-close", `half-close/(after|while it checks|inside).*`, ``, `closed the connection too early`},
	{"blocks all for one", `pace/a client that does not read`, ``, `while another client does not read`},
	{"never waits for a client", `pace/a client that does not read`, ``, `took \d+ MiB`},
	{"throws away what does not fit", `pace/a client that does not read`, ``, `nothing came|wrong|took`},
	{"resets in place of a close", `half-close/.*`, ``, `reset the connection`},
	{"does not close", `half-close/.*`, ``, `does not close`},
	{"gets no place back", `vanish/12,000.*`, `.*`, `nothing came|closed its connection`},
	{"dies of a reset", `vanish/.*`, `crowd/.*`, `reset its connection|hung up|closed its connection`},
	{"computes to the end of what was read", `service/be.*`, ``, `came .* after its request`},
	{"computes in the loop", `service/beside.*`, ``, `came .* after its request`},
	{"answers the newest client", `service/(a|two).*`, `vanish/.*|service/be.*|crowd/.*`, `nothing came|wrong|come`},
}
