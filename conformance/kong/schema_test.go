package kong

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/conformance/internal/process"
)

// TestSchemaLua loads the generated schema.lua into the LuaJIT of nginx, with a
// stand-in for Kong's typedefs, and looks at what came out.
func TestSchemaLua(t *testing.T) {
	nginx := process.Installed(t, "nginx-lua")
	schema, err := filepath.Abs("../../plugins/kong/schema.lua")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	conf := fmt.Sprintf(`
load_module %[1]s/modules/ndk_http_module.so;
load_module %[1]s/modules/ngx_http_lua_module.so;
pid %[2]s/pid;
error_log %[2]s/error.log;
events {}
http {
  access_log off;
  client_body_temp_path %[2]s/a; proxy_temp_path %[2]s/b; fastcgi_temp_path %[2]s/c; uwsgi_temp_path %[2]s/d; scgi_temp_path %[2]s/e;
  lua_package_path "%[1]s/lualib/?.lua;;";
  init_by_lua_block {
    package.preload["kong.db.schema.typedefs"] = function() return { no_consumer = {}, protocols_http = {} } end
    local schema = dofile("%[3]s")
    local config = schema.fields[3].config
    assert(schema.name == "glacis" and config.type == "record")
    local f = io.open("%[2]s/out", "w")
    for _, field in ipairs(config.fields) do
      local name, about = next(field)
      f:write(name, " ", about.type, " ", tostring(about.default), "\n")
    end
    f:close()
    os.exit(0)
  }
}`, nginx, dir, schema)
	path := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(path, []byte(conf), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(filepath.Join(nginx, "nginx"), "-g", "daemon off;", "-p", dir, "-c", path, "-e", filepath.Join(dir, "error.log")).CombinedOutput(); err != nil {
		t.Fatalf("load schema.lua: %v\n%s", err, out)
	}
	out, err := os.ReadFile(filepath.Join(dir, "out"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"mode string prevent\n", "max_body_bytes integer 8388608\n", "cache boolean false\n"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}
