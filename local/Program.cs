System.Console.WriteLine("Millrace");
