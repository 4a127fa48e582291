module example.com/concurrent-network-server

go 1.26
