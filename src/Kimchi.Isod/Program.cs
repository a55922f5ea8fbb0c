Console.WriteLine("kimchi-isod");
