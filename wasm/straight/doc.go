// Package straight makes the code of a WebAssembly module that Go compiled
// faster, without changing what it does.
//
// Go has to be able to leave a function in the middle, when a goroutine waits,
// and to come back later. So its assembler (cmd/internal/obj/wasm, func assemble)
// writes every function as one loop around a table of jumps to pieces of code,
// here called segments. Every jump within the function, even that of an if,
// stores the number of a segment, goes back to the loop's head and through the
// table:
//
//	loop
//	  block … block  local.get 0  br_table …  end   ;; segment 0 begins here
//	    …  if  i32.const 7  local.set 0  br $loop  end  …
//	  end                                           ;; segment 1 begins here
//	  …
//
// A processor has to predict where a jump through a table goes and to read the
// table; amid other code, as in a gateway, it has forgotten both. And a compiler
// sees a single loop in which everything may follow everything. This package
//
//   - makes jumps forward go to the end of the block behind which their segment
//     begins: br;
//   - gives loops that no goroutine can wait in a loop of their own, so that jumps
//     backward are direct, too;
//   - tells the ordinary entry, segment 0, apart before the table.
//
// What it does not understand it leaves as it is.
package straight
