//! The folder of assets must be there for the macro that embeds it; `make ui` fills it.

fn main() -> std::io::Result<()> {
    println!("cargo:rerun-if-changed=../../ui/dist/manifest.json");
    println!("cargo:rerun-if-changed=locales");
    println!("cargo:rerun-if-changed=templates");
    std::fs::create_dir_all("../../ui/dist")
}
