@echo off
rem Runs Maven with a JDK that can build this project, as ./mvnw does elsewhere. What is wanted stands in
rem .mvn\wrapper\maven-wrapper.properties. Looks for a JDK in JAVA_HOME, behind the javac on the PATH and in the usual
rem folders; for Maven in its own download folder, then on the PATH, and downloads the pinned one when neither has it.
setlocal EnableExtensions DisableDelayedExpansion

for /f "usebackq eol=# tokens=1,* delims==" %%a in ("%~dp0.mvn\wrapper\maven-wrapper.properties") do set "wanted.%%a=%%b"

call :choose_jdk "%JAVA_HOME%"
if not errorlevel 1 goto with_jdk
for %%j in (javac.exe) do call :choose_jdk "%%~dp$PATH:j.."
if not errorlevel 1 goto with_jdk
for %%p in ("%ProgramFiles%\Java" "%ProgramFiles%\Eclipse Adoptium" "%ProgramFiles%\Microsoft" "%ProgramFiles%\Zulu" ^
    "%ProgramFiles%\Amazon Corretto" "%ProgramFiles%\BellSoft" "%USERPROFILE%\.jdks") do (
  for /f "delims=" %%d in ('dir /b /ad %%p 2^>nul') do (
    call :choose_jdk "%%~p\%%d"
    if not errorlevel 1 goto with_jdk
  )
)
call :fail "a JDK %wanted.minimumJavaVersion% or newer is needed: install one or point JAVA_HOME at it"
exit /b 1

:with_jdk
set "folder=%USERPROFILE%\.m2"
if defined MAVEN_USER_HOME set "folder=%MAVEN_USER_HOME%"
set "folder=%folder%\wrapper\diptych"
set "mvn=%folder%\%wanted.mavenVersion%\bin\mvn.cmd"
if exist "%mvn%" goto with_maven
call :choose_installed_maven
if not errorlevel 1 goto with_maven
call :download_maven
if errorlevel 1 exit /b 1
:with_maven
call "%mvn%" %*
exit /b %ERRORLEVEL%

rem Whether the folder is a JDK that will do, which JAVA_HOME then is.
:choose_jdk
if "%~1"=="" exit /b 1
if not exist "%~1\bin\javac.exe" exit /b 1
if not exist "%~1\release" exit /b 1
set "feature="
for /f "usebackq tokens=1,2 delims==" %%k in ("%~1\release") do (
  if "%%k"=="JAVA_VERSION" for /f "tokens=1 delims=.-+" %%f in ("%%~l") do set "feature=%%f"
)
if not defined feature exit /b 1
if %feature% LSS %wanted.minimumJavaVersion% exit /b 1
set "JAVA_HOME=%~f1"
exit /b 0

rem Whether the mvn on the PATH is at least the minimum version.
:choose_installed_maven
set "installed="
for /f "tokens=1-3" %%a in ('mvn.cmd -v 2^>nul') do if "%%a %%b"=="Apache Maven" set "installed=%%c"
if not defined installed exit /b 1
for /f "tokens=1,2 delims=." %%a in ("%installed%") do set /a "have=%%a * 1000 + %%b"
for /f "tokens=1,2 delims=." %%a in ("%wanted.minimumMavenVersion%") do set /a "need=%%a * 1000 + %%b"
if %have% LSS %need% exit /b 1
set "MAVEN_OPTS=%MAVEN_OPTS% --sun-misc-unsafe-memory-access=allow"
set "mvn=mvn.cmd"
exit /b 0

:download_maven
set "version=%wanted.mavenVersion%"
set "file=apache-maven-%version%-bin.tar.gz"
set "from=https://archive.apache.org/dist/maven/maven-%version:~0,1%/%version%/binaries/%file%"
if defined MVNW_REPOURL set "from=%MVNW_REPOURL%/org/apache/maven/apache-maven/%version%/%file%"
set "scratch=%folder%\download.%RANDOM%"
mkdir "%scratch%"
if errorlevel 1 exit /b 1
echo mvnw: downloading Maven %version% from %from% 1>&2
curl.exe -fsSL -o "%scratch%\%file%" "%from%"
if errorlevel 1 (
  rd /s /q "%scratch%"
  call :fail "no Maven from %from%: install Maven, or name a repository in MVNW_REPOURL"
  exit /b 1
)
set "sum="
for /f "skip=1 delims=" %%s in ('certutil.exe -hashfile "%scratch%\%file%" SHA512') do if not defined sum set "sum=%%s"
set "sum=%sum: =%"
if /i not "%sum%"=="%wanted.distributionSha512Sum%" (
  rd /s /q "%scratch%"
  call :fail "%from% has an unexpected checksum"
  exit /b 1
)
tar.exe -xzf "%scratch%\%file%" -C "%scratch%"
move "%scratch%\apache-maven-%version%" "%folder%\%version%" >nul
rd /s /q "%scratch%"
if exist "%mvn%" exit /b 0
call :fail "could not move Maven into %folder%"
exit /b 1

:fail
echo mvnw: %~1 1>&2
exit /b 1
