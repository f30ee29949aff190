# Checks the package against CHECKSUMS.sha256 beside it and starts its setup; everything else is done by the program itself.
# What is written after the script's name goes to "phone-erp setup" (--answers FILE, --help ...).
$ErrorActionPreference = 'Stop'
Set-Location $PSScriptRoot
$package = Get-ChildItem 'phone-erp-*-win-x64.exe' | Sort-Object Name | Select-Object -Last 1
if (-not $package) { Write-Error 'The package for win-x64 is missing here.'; exit 3 }
$line = Get-Content 'CHECKSUMS.sha256' | Where-Object { $_ -match "  $([regex]::Escape($package.Name))$" }
$sum = (Get-FileHash $package.FullName -Algorithm SHA256).Hash.ToLowerInvariant()
if (-not $line -or $line.Substring(0, 64) -ne $sum) {
  Write-Error "$($package.Name) is not as it was published; it was not started."
  exit 1
}
& $package.FullName setup @args
exit $LASTEXITCODE
