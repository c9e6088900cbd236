-- expects: not_available
package.loadlib("libc.so.6", "system")
