module example.com/fake
