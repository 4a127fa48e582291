// Command talk waits for what never comes.
package main

import "time"

func main() { time.Sleep(time.Hour) }
