namespace Millrace; internal static class Placeholder { internal const int One = 1; }
