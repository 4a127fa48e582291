module example.com/concurrent-network-server/clients

go 1.26.0
