// [data-print] prints the page.
import { on } from "./behave.js";

on("click", "[data-print]", () => window.print());
