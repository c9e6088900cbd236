-- expects: not_available
package.loaded.geuse = {}
