import QtQuick

// A dark pill over the camera: advice, or what is wrong in plain words.
Rectangle {
    id: banner
    property string text: ""
    property string icon: ""
    property int maximumWidth: 600
    property bool compact: false

    visible: text !== ""
    width: Math.min(maximumWidth, label.implicitWidth + (icon === "" ? 56 : 100))
    height: Math.max(compact ? 46 : 56, label.implicitHeight + (compact ? 14 : 24))
    radius: Math.min(28, height / 2)
    color: Theme.veil
    Icon {
        id: sign
        visible: banner.icon !== ""
        anchors { left: parent.left; leftMargin: 24; verticalCenter: parent.verticalCenter }
        name: banner.icon
        color: Theme.white
        size: 28
    }
    Label {
        id: label
        anchors { right: parent.right; rightMargin: 28; left: banner.icon !== "" ? sign.right : parent.left; leftMargin: banner.icon !== "" ? 14 : 28; verticalCenter: parent.verticalCenter }
        text: banner.text
        color: Theme.white
        font.pixelSize: banner.compact ? 20 : 22
        font.weight: Font.Medium
        wrapMode: Text.Wrap
        maximumLineCount: 3
        horizontalAlignment: Text.AlignHCenter
    }
}
